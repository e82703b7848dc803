/* journeybook: the journey page remembers which lanes its reader hid. Showing and hiding itself is CSS. */
(function(){
'use strict';
function get(k){try{return localStorage.getItem(k)}catch(e){return null}}
function set(k,v){try{localStorage.setItem(k,v)}catch(e){}}
function setUp(){
  var lanes=Array.from(document.querySelectorAll('[data-lane-toggle]')),off=(get('jb-lanes')||'').split(' ');
  lanes.forEach(function(c){
    if(off.indexOf(c.id)>-1)c.checked=false;
    c.addEventListener('change',function(){set('jb-lanes',lanes.filter(function(x){return!x.checked}).map(function(x){return x.id}).join(' '))});
  });
}
setUp();
document.addEventListener('journeybook:swap',setUp);
})();
