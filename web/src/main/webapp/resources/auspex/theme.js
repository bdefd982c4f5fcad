"use strict";(()=>{try{const e=localStorage.getItem("auspex.theme");(e==="dark"||e==="light")&&(document.documentElement.dataset.theme=e)}catch{}})();
